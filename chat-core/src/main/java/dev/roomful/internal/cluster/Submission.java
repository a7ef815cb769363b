package dev.roomful.internal.cluster;

/** Something that is to be appended to a log. */
public interface Submission {
  /** {@return the content; the same bytes at each call} */
  byte[] content();

  /** {@return whether it is given up after {@link LogReplica#MAX_WAIT}, rather than kept} */
  boolean expires();

  /** It was given up, because the engine did not accept it in time. It may still be appended. */
  void givenUp();
}
