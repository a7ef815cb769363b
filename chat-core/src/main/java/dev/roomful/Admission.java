package dev.roomful;

/** What a {@link Doorman} decides: an {@link Entry} lets in, a {@link Refusal} does not. */
public sealed interface Admission permits Entry, Refusal {}
