/**
 * Rules for names, ids, settings and texts of the log. Depends on no other package of the library.
 */
@NullMarked
package dev.roomful.internal.validation;

import org.jspecify.annotations.NullMarked;
