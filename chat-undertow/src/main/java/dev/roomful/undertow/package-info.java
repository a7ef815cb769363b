/** Serves a chat on Undertow 2.3; {@link dev.roomful.undertow.UndertowChat} mounts it. */
@NullMarked
package dev.roomful.undertow;

import org.jspecify.annotations.NullMarked;
