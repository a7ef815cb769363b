/**
 * Serves a chat on Tomcat, and writes batches to the socket.
 *
 * <p>An application that uses this module runs on the class path: on the module path, the modules
 * of an embedded Tomcat contain packages that the modules of the Jakarta APIs contain, too.
 */
module dev.roomful.tomcat {
  requires transitive dev.roomful;
  requires transitive dev.roomful.jakarta;
  requires transitive org.apache.tomcat.embed.core;
  requires static org.jspecify;

  exports dev.roomful.tomcat;
}
