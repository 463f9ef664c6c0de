import type { CommandTable, Reply } from './child.ts';

type Handlers<Table extends CommandTable> = {
  [Name in keyof Table]: (
    request: Table[Name]['request'],
  ) => Table[Name]['reply'] | Promise<Table[Name]['reply']>;
};

/**
 * Answers the commands of child.ts until the other end is gone, then ends the process. When `failure` rejects, the
 * command of that moment and all later ones fail. `leave` is the last thing it does.
 */
export function serve<Table extends CommandTable>(
  handlers: Handlers<Table>,
  failure: Promise<never> = new Promise(() => {}),
  leave: () => Promise<void> = async () => {},
): void {
  failure.catch(() => {}); // Told by the next command at the latest.
  process.on('message', async (message) => {
    // Only child.ts has the other end, and it asks for what is in the table.
    const { command, request } = message as { command: keyof Table; request: Table[string]['request'] };
    try {
      send({ value: await Promise.race([failure, handlers[command](request)]) });
    } catch (error) {
      send({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  process.once('disconnect', () => void leave().finally(() => process.exit()));
}

function send(reply: Reply): void {
  process.send?.(reply);
}
