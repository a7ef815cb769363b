/**
 * Decides who may connect, as whom, and to which room: an {@link
 * dev.roomful.admission.Authenticator} reads a {@link dev.roomful.admission.Handshake} and returns
 * an {@link dev.roomful.admission.Admission}.
 */
@NullMarked
package dev.roomful.admission;

import org.jspecify.annotations.NullMarked;
