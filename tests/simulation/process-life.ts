import type { Clock } from '../../core/ports/clock.ts';

/**
 * One life of a gateway process. A dead one does nothing more and hears nothing more; a stopped one
 * (SIGSTOP) does nothing until it goes on, and then finds everything that has happened meanwhile, its own
 * timers first, as they fall due before anything is read from a socket.
 */
export class ProcessLife {
  private readonly world: Clock;
  private state: 'running' | 'stopped' | 'dead' = 'running';
  private timersDue: (() => void)[] = [];
  private arrived: (() => void)[] = [];
  /** Difference of its wall clock from the world's, ms. */
  skew = 0;

  constructor(world: Clock) {
    this.world = world;
  }

  get isDead(): boolean {
    return this.state === 'dead';
  }

  get isRunning(): boolean {
    return this.state === 'running';
  }

  kill(): void {
    this.state = 'dead';
    this.timersDue = [];
    this.arrived = [];
  }

  stop(): void {
    if (this.state === 'running') this.state = 'stopped';
  }

  resume(): void {
    if (this.state !== 'stopped') return;
    this.state = 'running';
    const due = [...this.timersDue, ...this.arrived];
    this.timersDue = [];
    this.arrived = [];
    for (const task of due) task();
  }

  /** Something reaches the process from outside. */
  hear(task: () => void): void {
    if (this.state === 'running') task();
    else if (this.state === 'stopped') this.arrived.push(task);
  }

  /** Resolves once the process can go on; never, if it is dead. */
  async awake(): Promise<void> {
    if (this.state === 'running') return;
    await new Promise<void>((resolve) => {
      this.hear(resolve);
    });
  }

  readonly clock: Clock = {
    now: () => this.world.now() + this.skew,
    monotonic: () => this.world.monotonic(),
    after: (ms, task) =>
      this.world.after(ms, () => {
        if (this.state === 'running') task();
        else if (this.state === 'stopped') this.timersDue.push(task);
      }),
  };
}
