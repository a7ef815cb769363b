/** Sessions of connections: input, rate limits, resume and deadlines. */
@NullMarked
package dev.roomful.internal.session;

import org.jspecify.annotations.NullMarked;
