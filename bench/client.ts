// One arm in a process of its own: only its own code is loaded and compiled, only its own garbage is collected.
import { ARMS, type ArmName } from './arms.ts';
import { slice, type SliceOrder } from './slice.ts';

const [name, url] = process.argv.slice(2) as [ArmName, string]; // our parent gives them
const open = await ARMS[name].load();
const arm = open(url);

process.on('message', (order: SliceOrder) => void slice(arm, order).then((micros) => process.send?.(micros)));
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
