import test from 'ava';
import { TimeLeft } from '../../../src/bench/all/time-left.ts';

/** Of parts planned for 10, 20 and 30 s, with a clock that the test sets, in seconds. */
function started() {
  const clock = { s: 100 };
  return { clock, timeLeft: new TimeLeft([10, 20, 30], () => clock.s * 1000) };
}

test('at the start all is as planned', (t) => {
  const { clock, timeLeft } = started();
  t.is(timeLeft.left(), 60);
  clock.s += 4;
  t.is(timeLeft.left(), 56);
});

test('a part that takes longer than planned holds up what follows', (t) => {
  const { clock, timeLeft } = started();
  clock.s += 25;
  t.is(timeLeft.left(), 50);
});

test('the rest is expected to go at the pace of what is done', (t) => {
  const { clock, timeLeft } = started();
  clock.s += 20;
  timeLeft.next();
  t.is(timeLeft.left(), 100);
  clock.s += 15;
  t.is(timeLeft.left(), 85);
});

test('when all is done nothing is left', (t) => {
  const { clock, timeLeft } = started();
  for (const seconds of [10, 20, 30]) {
    clock.s += seconds;
    timeLeft.next();
  }
  t.is(timeLeft.left(), 0);
});

test('it is told in steps of five seconds', (t) => {
  const { clock, timeLeft } = started();
  clock.s += 1;
  t.is(timeLeft.text(), 'about 1:00 left');
  clock.s += 5;
  t.is(timeLeft.text(), 'about 0:55 left');
});
