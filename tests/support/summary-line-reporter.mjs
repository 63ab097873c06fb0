/**
 * Prints `N passed, N failed, N skipped` as the very last line of a run, after the coverage report and
 * whatever else jest says. A file that could not be loaded counts as a failed test.
 */
export default class SummaryLineReporter {
  onRunComplete(_contexts, results) {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numRuntimeErrorTestSuites } =
      results;
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    const skipped = numPendingTests + numTodoTests;
    process.on('exit', () => {
      process.stdout.write(`\n${numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`);
    });
  }
}
