import Sequencer from '@jest/test-sequencer';

/** Those that wait for processes for minutes: begun last, they would keep one core busy and leave the others idle. */
const LONG = ['tests/simulation/', 'tests/faults/', 'tests/e2e/', 'tests/integration/'];

const rank = ({ path }) => {
  const place = LONG.findIndex((folder) => path.includes(folder));
  return place < 0 ? LONG.length : place;
};

/** jest's own order, by what took how long before, says nothing in a fresh clone: there the long ones come first. */
export default class LongTestsFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).toSorted((one, other) => rank(one) - rank(other));
  }
}
