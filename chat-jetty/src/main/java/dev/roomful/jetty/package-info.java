/** A chat on Jetty 12.1: {@link dev.roomful.jetty.JettyChat} mounts it. */
@NullMarked
package dev.roomful.jetty;

import org.jspecify.annotations.NullMarked;
