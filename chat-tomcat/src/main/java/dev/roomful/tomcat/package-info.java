/** Adapter for Tomcat 11 and 10.1: {@link dev.roomful.tomcat.TomcatChat} mounts a chat. */
@NullMarked
package dev.roomful.tomcat;

import org.jspecify.annotations.NullMarked;
