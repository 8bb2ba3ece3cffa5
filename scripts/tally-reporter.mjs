// Counts a vitest run for scripts/test.mjs, into the file that VITEST_TALLY_FILE names, and names what must not hide:
// a skipped or to-do test is a failure here, and so is a file or suite that broke outside its tests.
import { writeFileSync } from 'node:fs';

export default class TallyReporter {
  #filtersByName = false;

  onInit(vitest) {
    this.#filtersByName = vitest.config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules, unhandledErrors) {
    let passed = 0;
    const failures = [];
    for (const module of modules) {
      const file = module.relativeModuleId;
      if (module.errors().length > 0) failures.push(`${file}: the file itself`);
      for (const suite of module.children.allSuites()) {
        if (suite.errors().length > 0) failures.push(`${file} > ${suite.fullName}: outside its tests`);
      }
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        else if (state === 'failed') failures.push(`${file} > ${test.fullName}`);
        // Asking for tests by name leaves the others out; that is no hiding.
        else if (!this.#filtersByName) failures.push(`${file} > ${test.fullName}: ${state}, which counts as failed`);
      }
    }
    for (const error of unhandledErrors) failures.push(`outside every test: ${error.message}`);
    writeFileSync(process.env.VITEST_TALLY_FILE, JSON.stringify({ passed, failures }));
  }
}
