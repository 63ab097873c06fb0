import type { Bar, BarInterval, Json } from '@omniquant/plugin-sdk';

const MINUTE_MS = 60_000;
const MINUTES_A_DAY = 1_440;

/** Minutes of a bar; those of a day and longer say nothing of the time of day. */
const MINUTES: Readonly<Record<BarInterval, number>> = {
  ...{ SECOND_1: 1 / 60, MINUTE_1: 1, MINUTE_5: 5, MINUTE_15: 15 },
  ...{ HOUR_1: 60, HOUR_4: 240, DAY_1: MINUTES_A_DAY, WEEK_1: MINUTES_A_DAY },
};

const minuteOf = (at: number): number => Math.floor(at / MINUTE_MS) % MINUTES_A_DAY;

/** Volume by the minute of the day (UTC): what was traded in it on an average day that had bars for it. */
export class VolumeProfile {
  private readonly volumes = new Float64Array(MINUTES_A_DAY);
  private readonly bars = new Float64Array(MINUTES_A_DAY);

  take({ at, interval, volume }: Bar): void {
    const minutes = MINUTES[interval];
    for (let offset = 0; offset < Math.max(1, minutes); offset += 1) {
      const minute = minuteOf(at + offset * MINUTE_MS);
      this.volumes[minute]! += volume / Math.max(1, minutes);
      this.bars[minute]! += Math.min(1, minutes);
    }
  }

  /** The expected volume of `count` equal slices of the time from `start` to `end`, epoch ms. */
  slices(start: number, end: number, count: number): number[] {
    const width = (end - start) / count;
    return Array.from({ length: count }, (_, index) =>
      this.between(start + index * width, start + (index + 1) * width),
    );
  }

  /** [minute, volume, bars] of the minutes that had bars. */
  snapshot(): Json {
    const minutes = [...this.bars.keys()].filter((minute) => this.bars[minute]! > 0);
    return minutes.map((minute) => [minute, this.volumes[minute]!, this.bars[minute]!]);
  }

  restore(snapshot: Json): void {
    this.volumes.fill(0);
    this.bars.fill(0);
    for (const [minute, volume, bars] of snapshot as readonly (readonly [number, number, number])[]) {
      this.volumes[minute] = volume;
      this.bars[minute] = bars;
    }
  }

  private between(start: number, end: number): number {
    let volume = 0;
    for (let minute = Math.floor(start / MINUTE_MS) * MINUTE_MS; minute < end; minute += MINUTE_MS) {
      const share = (Math.min(end, minute + MINUTE_MS) - Math.max(start, minute)) / MINUTE_MS;
      const slot = minuteOf(minute);
      const bars = this.bars[slot]!;
      if (bars > 0) volume += (share * this.volumes[slot]!) / bars;
    }
    return volume;
  }
}
