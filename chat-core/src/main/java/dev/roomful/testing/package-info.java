/**
 * Unit tests of chat logic without a server, a socket or waiting: {@link
 * dev.roomful.testing.TestChat} is a chat whose clients are objects. Everything happens on the
 * caller's thread before the call returns, and time moves only when the test advances it.
 */
@NullMarked
package dev.roomful.testing;

import org.jspecify.annotations.NullMarked;
