/**
 * The Centrifuge client protocol, which the Centrifuge SDKs for browsers, phones and servers speak.
 */
@NullMarked
package dev.roomful.centrifuge;

import org.jspecify.annotations.NullMarked;
