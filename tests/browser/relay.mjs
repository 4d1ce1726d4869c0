// A relay that a week of real phone cores has filled: `sanji demo`, as a newcomer starts it.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The password of every account of the demo. */
export const PASSWORD = 'sanji-demo-2026';

/** Starts a demo and waits until it serves. Gives its address, and how to stop it. */
export async function startDemo() {
  const program = process.env.SANJI_PROGRAM;
  if (!program) throw new Error('SANJI_PROGRAM names the built sanji');
  const folder = await mkdtemp(join(tmpdir(), 'sanji-browser-'));
  const child = spawn(program, ['demo', '--data', join(folder, 'data'), '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (text) => (said += text));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const address = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      said += `${line}\n`;
      const found = line.match(/https:\/\/[0-9.]+:\d+/);
      if (found) resolve(found[0]);
    });
    ended.then(() => reject(new Error(`the demo ended before it served:\n${said}`)));
  });
  return {
    address,
    async stop() {
      child.kill('SIGINT');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
