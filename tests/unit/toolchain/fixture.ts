import { parentPort } from 'node:worker_threads';

const Recorded: PropertyDecorator = () => undefined;

export enum Step {
  First = 1,
  Second,
}

export class Subject {
  @Recorded
  since!: Date;
}

interface Unused {
  readonly lines: 'that shift what follows';
}

export function failOnPurpose(): Unused {
  throw new Error('on purpose');
}

parentPort?.postMessage(Step.Second);
