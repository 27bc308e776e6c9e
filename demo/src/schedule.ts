// Work that is done later, in steps with pauses. After each change the caller says what is wanted: what no longer is, is dropped;
// what still is, goes on.

const slice = 20; // ms of work at a time, and of pause between, for the page to draw and listen

export interface Wanted {
  /** Of a kind there is one at a time. */
  readonly kind: string;
  /** What it is for: for another value it is other work. */
  readonly of: object;
  /** Milliseconds to wait. */
  readonly after: number;
  /** Whether it waits, too, until the browser has nothing else to do. */
  readonly idle?: boolean;
}

export class Schedule<Work extends Wanted, Result> {
  /** By kind: waited for, worked on, or done. What is done, or failed, is not done again while it is wanted. */
  readonly #begun = new Map<string, Work>();

  constructor(
    /** Called when it is time for the work; what is done from one result to the next is a step. */
    readonly stepsOf: (work: Work) => Iterable<Result> | AsyncIterable<Result>,
    readonly take: (result: Result) => void,
  ) {}

  want(wanted: readonly Work[]): void {
    for (const [kind, { of }] of this.#begun) {
      const isWanted = wanted.some((work) => work.kind === kind && work.of === of);
      if (!isWanted) this.#begun.delete(kind);
    }
    for (const work of wanted) {
      if (this.#begun.has(work.kind)) continue;
      this.#begun.set(work.kind, work);
      void this.#do(work);
    }
  }

  async #do(work: Work): Promise<void> {
    const isWanted = (): boolean => this.#begun.get(work.kind) === work;
    await pause(work.after);
    if (work.idle && isWanted()) await untilIdle();
    if (!isWanted()) return;
    let until = performance.now() + slice;
    for await (const result of this.stepsOf(work)) {
      if (!isWanted()) return;
      this.take(result);
      if (performance.now() > until) {
        await pause(slice);
        until = performance.now() + slice;
      }
      if (!isWanted()) return;
    }
  }
}

function pause(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, time));
}

function untilIdle(): Promise<void> {
  const { requestIdleCallback } = window as Partial<Window>;
  return new Promise((resolve) => {
    const goOn = (): void => {
      resolve();
    };
    if (requestIdleCallback) requestIdleCallback(goOn, { timeout: 2000 });
    else setTimeout(goOn);
  });
}
