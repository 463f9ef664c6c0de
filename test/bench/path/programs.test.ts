import { execFileSync } from 'node:child_process';
import test from 'ava';
import { withNamespace } from '../../../src/bench/common/namespace.ts';
import { LineProgram } from '../../../src/bench/path/line-program.ts';

/** The protocol of the C programs, on the loopback of a namespace. Nothing is asserted of times but that they are there. */

/** Eight addresses of the server, one port. */
const TARGET = '127.0.0.1 8 8080 1';

async function withPrograms(work: (load: LineProgram, server: LineProgram) => Promise<void>): Promise<void> {
  await withNamespace(async (namespace) => {
    execFileSync('ip', ['-n', namespace, 'link', 'set', 'lo', 'up']);
    const server = new LineProgram('path-server', [], { namespace, cpu: undefined });
    const load = new LineProgram('path-load', ['127.0.1.0', '4'], { namespace, cpu: 0 });
    try {
      await server.ready();
      await work(load, server);
    } finally {
      await Promise.all([load.close(), server.close()]);
    }
  });
}

for (const command of ['connect 20 0', 'paced-connect 20 1000', 'first-packet 20 0', 'udp 20 0']) {
  test.serial(`"${command}" answers so many latencies in nanoseconds`, async (t) => {
    await withPrograms(async (load) => {
      const latencies = (await load.ask(`${command} ${TARGET}`)).split(' ').map(Number);
      t.is(latencies.length, 20);
      t.true(latencies.every((it) => Number.isInteger(it) && it > 0));
    });
  });
}

for (const command of ['connections 8 20000000', 'requests 8 20000000', 'bulk 1 20000000']) {
  test.serial(
    `"${command}" answers how much was done in what time, which is as asked at least`,
    async (t) => {
      await withPrograms(async (load) => {
        const answer = (await load.ask(`${command} ${TARGET}`)).split(' ').map(Number);
        t.is(answer.length, 2);
        const [done = 0, nanoseconds = 0] = answer;
        t.true(done > 0);
        t.true(nanoseconds >= 20_000_000);
      });
    },
  );
}

test.serial('a command after the other is answered, and no connection is left in TIME_WAIT', async (t) => {
  await withNamespace(async (namespace) => {
    execFileSync('ip', ['-n', namespace, 'link', 'set', 'lo', 'up']);
    const place = { namespace, cpu: undefined };
    const server = new LineProgram('path-server', [], place);
    const load = new LineProgram('path-load', ['127.0.1.0', '4'], place);
    await server.ready();
    for (const command of [
      'connect 20 0',
      'connections 8 10000000',
      'requests 8 10000000',
      'bulk 1 10000000',
    ])
      await load.ask(`${command} ${TARGET}`);
    await Promise.all([load.close(), server.close()]);
    const sockets = execFileSync('ip', ['netns', 'exec', namespace, 'cat', '/proc/net/tcp'], {
      encoding: 'utf8',
    });
    t.deepEqual(sockets.trim().split('\n').slice(1), []);
  });
});

const fails = test.macro(async (t, command: string, message: RegExp) => {
  await withPrograms(async (load) => {
    await t.throwsAsync(load.ask(command), { message });
  });
});

test.serial(
  'an unknown command ends the program',
  fails,
  `walk 1 0 ${TARGET}`,
  /path-load ended at "walk .*not a command: walk/s,
);
test.serial('a target that is none', fails, 'connect 1 0 10.0.0.1 8080', /not a command/);
test.serial('no samples', fails, `connect 0 0 ${TARGET}`, /too few or too many/);
test.serial(
  'more samples than there is room for',
  fails,
  `connect 1000001 0 ${TARGET}`,
  /too few or too many/,
);
test.serial(
  'a refused connection',
  fails,
  'connect 1 0 127.0.0.1 1 8081 1',
  /cannot connect: Connection refused/,
);
test.serial(
  'a refused connection of many',
  fails,
  'connections 8 10000000 127.0.0.1 1 8081 1',
  /Connection refused/,
);

test.serial('who waits for an answer is told when the server ends', async (t) => {
  await withPrograms(async (load, server) => {
    const answer = server.during(load.ask(`connections 8 60000000000 ${TARGET}`));
    const failure = t.throwsAsync(answer, { message: /ended/ });
    await server.close();
    await failure;
  });
});
