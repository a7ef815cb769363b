/** Tests of an application's chat without a server. */
@NullMarked
package dev.roomful.spring.test;

import org.jspecify.annotations.NullMarked;
