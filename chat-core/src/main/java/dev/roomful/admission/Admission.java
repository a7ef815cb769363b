package dev.roomful.admission;

/**
 * What a {@link Authenticator} decides: an {@link AcceptedAdmission} lets in, a {@link Rejection}
 * does not.
 */
public sealed interface Admission permits AcceptedAdmission, Rejection {}
