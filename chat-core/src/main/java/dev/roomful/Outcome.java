package dev.roomful;

import dev.roomful.admission.Rejection;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The result of an operation that can be rejected: done, or rejected with a reason. Immutable.
 *
 * <pre>{@code
 * participant.join("lobby").ifRejected(rejection -> message.reply(rejection.reason()));
 * }</pre>
 *
 * <p>An operation that answers later returns a {@link java.util.concurrent.CompletionStage}
 * instead, which fails with a {@link RejectedException}.
 */
public final class Outcome {
  private static final Outcome DONE = new Outcome(null);

  private final @Nullable Rejection rejection;

  private Outcome(@Nullable Rejection rejection) {
    this.rejection = rejection;
  }

  /** {@return the outcome of an operation that was done} */
  public static Outcome done() {
    return DONE;
  }

  /**
   * Returns the outcome of an operation that was not done.
   *
   * @param rejection why it was not done
   * @return an outcome for which {@link #isRejected} is true
   */
  public static Outcome rejected(Rejection rejection) {
    return new Outcome(Objects.requireNonNull(rejection, "rejection"));
  }

  /** {@return whether the operation was done} */
  public boolean isDone() {
    return rejection == null;
  }

  /** {@return whether the operation was rejected and had no effect} */
  public boolean isRejected() {
    return rejection != null;
  }

  /** {@return why the operation was rejected, or empty if it was done} */
  public Optional<Rejection> rejection() {
    return Optional.ofNullable(rejection);
  }

  /**
   * Calls a function with the rejection, if there is one.
   *
   * @param action the function
   * @return this outcome
   */
  public Outcome ifRejected(Consumer<? super Rejection> action) {
    if (rejection != null) {
      action.accept(rejection);
    }
    return this;
  }

  /**
   * Throws if the operation was rejected.
   *
   * @throws RejectedException with the rejection
   */
  public void orElseThrow() {
    if (rejection != null) {
      throw new RejectedException(rejection);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Outcome that && Objects.equals(rejection, that.rejection);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(rejection);
  }

  @Override
  public String toString() {
    return rejection == null ? "done" : "rejected: " + rejection;
  }
}
