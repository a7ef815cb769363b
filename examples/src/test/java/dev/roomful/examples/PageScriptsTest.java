package dev.roomful.examples;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The scripts of the pages, outside a browser. The browser tests run them in one. */
class PageScriptsTest {
  @BeforeAll
  static void prepare() throws Exception {
    NodeProject.prepare();
  }

  /** TypeScript checks the types that the JSDoc comments declare. */
  @Test
  void theTypesOfAllModulesAreConsistent() throws Exception {
    NodeProject.run("node", "node_modules/typescript/bin/tsc", "--project", ".");
  }

  @Test
  void theUnitTestsOfTheModulesPass() throws Exception {
    NodeProject.run("node", "--test");
  }
}
