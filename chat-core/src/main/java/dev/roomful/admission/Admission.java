package dev.roomful.admission;

/**
 * What a {@link Authenticator} decides: an {@link AcceptedAdmission} lets in, a {@link Rejection}
 * does not, and a {@link DeferredAdmission} waits for the client's first message.
 */
public sealed interface Admission permits AcceptedAdmission, DeferredAdmission, Rejection {}
