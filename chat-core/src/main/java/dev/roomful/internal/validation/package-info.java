/** Rules for names, ids and settings. Depends on no other package of the library. */
@NullMarked
package dev.roomful.internal.validation;

import org.jspecify.annotations.NullMarked;
