/** The figures of a chat as Micrometer's meters, and its handler calls as observations. */
module dev.roomful.micrometer {
  requires transitive dev.roomful;
  requires transitive micrometer.commons;
  requires transitive micrometer.core;
  requires transitive micrometer.observation;
  requires static org.jspecify;

  exports dev.roomful.micrometer;
}
