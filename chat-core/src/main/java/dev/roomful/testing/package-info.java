/**
 * Tests of chat logic with no server, no socket and no waiting: {@link
 * dev.roomful.testing.TestChat} is a chat whose clients are objects, where everything happens on
 * the caller's thread before the call returns, and time moves only when told to.
 */
@NullMarked
package dev.roomful.testing;

import org.jspecify.annotations.NullMarked;
