/** The contracts of transports and of server adapters, as JUnit classes. */
module dev.roomful.testkit {
  requires java.logging;
  requires java.management;
  requires jdk.management;
  requires transitive dev.roomful;
  requires transitive org.junit.jupiter.api;
  requires static jdk.jfr;
  requires static org.jspecify;

  exports dev.roomful.testkit;

  // JUnit finds and runs the tests by reflection.
  opens dev.roomful.testkit to
      org.junit.platform.commons;
}
