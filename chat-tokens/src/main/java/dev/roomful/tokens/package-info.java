/**
 * JSON Web Tokens as the access of chat clients: {@link dev.roomful.tokens.Tokens} says which ones
 * are accepted, from keys of the application or from a JSON Web Key Set that rotates.
 */
@NullMarked
package dev.roomful.tokens;

import org.jspecify.annotations.NullMarked;
