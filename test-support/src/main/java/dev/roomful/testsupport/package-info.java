/**
 * Test fixtures that several modules share. Not published.
 *
 * <p>Surefire runs the JUnit classes of this package whose names end in {@code Test} in every
 * module that depends on {@code test-support}: see {@code dependenciesToScan} in the root {@code
 * pom.xml}.
 */
@NullMarked
package dev.roomful.testsupport;

import org.jspecify.annotations.NullMarked;
