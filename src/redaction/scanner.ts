import { BEGINNING, CONTEXT, MAX_MATCH, type CompiledDetector } from './detector.js';
import { Features } from './features.js';
import { wholeLength, onCharacter, type TextStream } from './text-stream.js';

/** What is done about what was found. */
export interface Findings {
  /** False: leave it. `value` is undefined when it is longer than 200 characters. */
  counts(kind: string, value: string | undefined): boolean;
  /** What stands there instead. */
  replace(kind: string, value: string): string;
}

/** Positions count from the beginning of the text, not of the window. */
interface Found {
  readonly start: number;
  /** Infinity while a `body` goes on. */
  end: number;
  readonly detector: number;
}

/** Matches that overlap: replaced together, under the kind of the longest. */
interface Cluster {
  readonly members: Found[];
  /** As much of it as has been reached. */
  value: string;
}

/**
 * Finds and replaces. What it decides for a position depends on the characters around that position alone, never on where the
 * text was cut: a detector's say is final for every start whose longest match, and the character after it, have come.
 */
export class Scanner implements TextStream {
  readonly #detectors: readonly CompiledDetector[];
  readonly #findings: Findings;
  /** The text from `#base` on: what is still undecided, and before it the context that detectors may look at. */
  #window = '';
  #base = 0;
  /** Everything before it has been given out, or has become part of the cluster. */
  #at = 0;
  /** By detector: every start before it is decided. */
  #from: number[];
  /** By detector: a match whose body goes on. */
  #growing: (Found | undefined)[];
  /** Decided and not reached yet. */
  #found: Found[] = [];
  #cluster: Cluster | undefined;

  constructor(detectors: readonly CompiledDetector[], findings: Findings) {
    this.#detectors = detectors;
    this.#findings = findings;
    this.#from = detectors.map(() => 0);
    this.#growing = detectors.map(() => undefined);
  }

  push(text: string): string {
    this.#window += text;
    return this.#advance(this.#base + wholeLength(this.#window), false);
  }

  end(): string {
    const out = this.#window === '' ? '' : this.#advance(this.#base + this.#window.length, true);
    this.#window = '';
    this.#base = this.#at = 0;
    this.#from.fill(0);
    return out;
  }

  #advance(end: number, last: boolean): string {
    const features = new Features(this.#window);
    let limit = end;
    this.#detectors.forEach((detector, index) => {
      const decided = this.#look(detector, index, end, last, features);
      this.#from[index] = decided;
      if (decided < limit) limit = decided;
    });
    if (this.#found.length > 1) this.#found.sort((a, b) => a.start - b.start || a.detector - b.detector);
    const out = this.#give(limit);
    this.#trim();
    return out;
  }

  /** Adds what `detector` has decided about. Gives the first position it has not. */
  #look(detector: CompiledDetector, index: number, end: number, last: boolean, features: Features): number {
    let from = this.#from[index] ?? 0;
    const growing = this.#growing[index];
    if (growing !== undefined) {
      from = this.#bodyEnd(detector, from, end);
      if (from === end && !last) return end;
      growing.end = from;
      this.#growing[index] = undefined;
    }
    const decided = last ? end : Math.max(from, this.#undecidedFrom(detector, from, end));
    if (from >= decided || !features.meet(detector.needs)) return decided;
    const window = this.#window.length === end - this.#base ? this.#window : this.#window.slice(0, end - this.#base);
    for (const match of detector.find(window, from - this.#base)) {
      const start = this.#base + match.start;
      if (start >= decided) break;
      let matchEnd = this.#base + match.end;
      if (detector.body !== undefined) {
        matchEnd = this.#bodyEnd(detector, matchEnd, end);
        if (matchEnd === end && !last) {
          if (end - start <= MAX_MATCH) return start; // an allowed value, perhaps: that shows at its end
          this.#growing[index] = this.#add({ start, end: Infinity, detector: index }, detector, undefined);
          return end;
        }
      }
      this.#add({ start, end: matchEnd, detector: index }, detector, matchEnd - start > MAX_MATCH ? undefined : this.#slice(start, matchEnd));
      from = matchEnd;
    }
    return Math.max(from, decided);
  }

  #add(found: Found, { kind }: CompiledDetector, value: string | undefined): Found {
    if (this.#findings.counts(kind, value)) this.#found.push(found);
    return found;
  }

  #bodyEnd({ body }: CompiledDetector, from: number, end: number): number {
    let at = from - this.#base;
    const stop = end - this.#base;
    while (at < stop && body?.(this.#window, at) === true) at++;
    return at + this.#base;
  }

  /** Where a match may begin that more text could still change. */
  #undecidedFrom({ reach, characters, begins }: CompiledDetector, from: number, end: number): number {
    const window = this.#window;
    const stop = end - this.#base;
    let hold = Math.max(stop - reach, from - this.#base, 0);
    if (characters !== undefined) {
      let run = stop;
      while (run > hold && characters(window, run - 1)) run--;
      hold = run;
    }
    if (begins !== undefined && hold < stop) {
      begins.lastIndex = hold;
      const first = begins.exec(window)?.index ?? stop;
      hold = Math.max(hold, Math.min(first, stop - (BEGINNING - 1)));
    }
    return this.#base + onCharacter(window, hold);
  }

  /** What is before `limit`, with the clusters in it replaced. */
  #give(limit: number): string {
    const found = this.#found;
    let out = '';
    let reached = 0;
    for (;;) {
      const next = found[reached];
      if (this.#cluster === undefined) {
        if (next === undefined || next.start >= limit) break;
        out += this.#take(next.start);
        this.#cluster = { members: [], value: '' };
      }
      const cluster = this.#cluster;
      let end = endOf(cluster);
      for (let at = found[reached]; at !== undefined && at.start < limit && (at.start < end || end === 0); at = found[reached]) {
        cluster.members.push(at);
        end = Math.max(end, at.end);
        reached++;
      }
      cluster.value += this.#take(Math.min(end, limit));
      if (end > limit) break;
      this.#cluster = undefined;
      out += this.#findings.replace(this.#kindOf(cluster), cluster.value);
    }
    found.splice(0, reached);
    return this.#cluster === undefined ? out + this.#take(limit) : out;
  }

  #kindOf({ members }: Cluster): string {
    const longest = members.reduce((best, member) => (member.end - member.start > best.end - best.start ? member : best));
    return this.#detectors[longest.detector]?.kind ?? '';
  }

  #take(to: number): string {
    const from = this.#at;
    this.#at = to;
    return this.#slice(from, to);
  }

  #slice(from: number, to: number): string {
    return this.#window.slice(from - this.#base, to - this.#base);
  }

  #trim(): void {
    const excess = this.#at - CONTEXT - this.#base;
    if (excess < CONTEXT) return;
    this.#window = this.#window.slice(excess);
    this.#base += excess;
  }
}

/** 0 for one that is empty yet. */
function endOf({ members }: Cluster): number {
  let end = 0;
  for (const member of members) end = Math.max(end, member.end);
  return end;
}
