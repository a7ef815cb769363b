/**
 * Serves a chat on Undertow 2.3, and writes batches past Undertow's queue.
 *
 * <p>An application that uses this module runs on the class path: Undertow 2.3 does not run on the
 * module path, because its jars have no module descriptors, {@code org.jboss.logging} does not read
 * them, and {@code org.jboss.threads} requires a module {@code org.wildfly.common} that the version
 * of Undertow does not provide.
 */
module dev.roomful.undertow {
  requires transitive dev.roomful;
  requires transitive dev.roomful.jakarta;
  requires jakarta.servlet;
  requires undertow.core;
  requires transitive undertow.servlet;
  requires undertow.websockets.jsr;
  requires xnio.api;
  requires static org.jspecify;

  exports dev.roomful.undertow;
}
