/** Adapter for Jetty 12.1: {@link dev.roomful.jetty.JettyChat} mounts a chat. */
@NullMarked
package dev.roomful.jetty;

import org.jspecify.annotations.NullMarked;
