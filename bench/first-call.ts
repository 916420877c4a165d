// From nothing loaded to the first answer read. Writes milliseconds and ends.
import { ARMS, type ArmName } from './arms.ts';

const [name, url] = process.argv.slice(2) as [ArmName, string]; // our parent gives them
const start = performance.now();
const open = await ARMS[name].load();
await open(url).call('unary');
console.log(performance.now() - start);
process.exit(0);
