/**
 * The Centrifuge client protocol, for the Centrifuge SDKs in browsers, on phones and on servers.
 * Most users need {@link dev.roomful.centrifuge.Centrifuge} and {@link dev.roomful.tokens.Tokens}.
 */
@NullMarked
package dev.roomful.centrifuge;

import org.jspecify.annotations.NullMarked;
