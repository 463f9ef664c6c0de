/**
 * @typedef {object} Step
 * @property {string} title
 * @property {boolean} isNeeded
 * @property {() => Promise<void>} run
 */

/**
 * Runs the steps that are needed, and says which and how long each took. Silent if there are none.
 *
 * @param {readonly Step[]} steps
 */
export async function runSteps(steps) {
  const needed = steps.filter((step) => step.isNeeded);
  for (const [index, step] of needed.entries()) {
    process.stdout.write(`setup ${index + 1}/${needed.length}: ${step.title} ... `);
    const start = performance.now();
    try {
      await step.run();
    } catch (error) {
      process.stdout.write('failed\n');
      throw error;
    }
    process.stdout.write(`${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  }
}
