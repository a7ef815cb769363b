/**
 * What an application on Spring Boot uses beside the chat itself. Most need none of it: a bean of
 * type {@link dev.roomful.RoomHandler} is enough.
 */
@NullMarked
package dev.roomful.spring;

import org.jspecify.annotations.NullMarked;
