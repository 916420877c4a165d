// What the exact cache promises, at length: a million look-ups, a million entries, crowds, endings of all kinds. npm run test:cache
import { chanceOf } from '../simulation/seed.ts';
import { crowd } from './crowds.ts';
import { endEverywhere } from './endings.ts';
import { lookUp } from './lookups.ts';
import { fill } from './memory.ts';

const failures: string[] = [];
const startedAt = performance.now();

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function must(holds: boolean, what: string): void {
  if (!holds) failures.push(what);
}

const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;

const lookups = await lookUp(1_000_000, chanceOf(1));
say(`${lookups.lookups} look-ups of 200 tenants: ${lookups.hits} hits, ${lookups.joined} joined, ${lookups.misses} misses, ${lookups.invalidations} invalidations; answers of another tenant: ${lookups.foreign}, to another question: ${lookups.wrong}, from before an invalidation: ${lookups.outdated}`);
must(lookups.foreign === 0 && lookups.wrong === 0 && lookups.outdated === 0, 'a look-up gave an answer that it must not give');
must(lookups.hits > 100_000, 'look-ups hit');

const endings = await endEverywhere(40_000, chanceOf(2));
say(`${endings.calls} answers that end in all ways: ${endings.whole} came whole to their reader, ${endings.stored} are stored, of which not whole: ${endings.bad}`);
must(endings.bad === 0 && endings.stored >= endings.whole && endings.whole > 0, 'what did not come to a good end was stored');

const crowds = await crowd(20, 1000, chanceOf(3));
say(`${crowds.crowds} crowds, ${crowds.calls} identical calls: ${crowds.upstream} calls upstream, readers without the whole answer: ${crowds.wrong}`);
must(crowds.upstream === crowds.crowds && crowds.wrong === 0, 'a crowd cost more than one call');

const memory = await fill(1_000_000, 64 * 1024 * 1024, chanceOf(4));
const heap = memory.heapBytes === undefined ? 'not measured' : megabytes(memory.heapBytes);
say(`${memory.sets} different entries: ${memory.kept} kept, at most ${megabytes(memory.mostBytes)} counted of ${megabytes(memory.maxBytes)}; counted at the end ${megabytes(memory.bytes)}, the heap grew by ${heap}`);
must(memory.mostBytes <= memory.maxBytes, 'memory passed its bound');
must(memory.heapBytes === undefined || memory.heapBytes <= memory.maxBytes * 1.05, 'the heap passed the bound');

for (const failure of failures) say(`broken: ${failure}`);
say(`${failures.length === 0 ? 'everything held' : `${failures.length} promises were broken`}, ${((performance.now() - startedAt) / 1000).toFixed(0)} seconds`);
process.exitCode = failures.length === 0 ? 0 : 1;
