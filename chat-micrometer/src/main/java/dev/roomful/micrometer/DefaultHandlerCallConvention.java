package dev.roomful.micrometer;

import dev.roomful.RejectedException;
import io.micrometer.common.KeyValues;
import org.jspecify.annotations.Nullable;

/**
 * The names and keys of handler calls, unless the application chooses others. A subclass may change
 * some of them.
 *
 * <p>{@code callback} is the name of the method. {@code outcome} is {@code success}, {@code
 * rejected} if the handler threw a {@link RejectedException}, or {@code failure}. {@code
 * roomful.room} and {@code roomful.participant} have a high cardinality.
 */
public class DefaultHandlerCallConvention implements HandlerCallConvention {
  /** The name of the observations. */
  public static final String NAME = "roomful.handler";

  /** Creates the convention. */
  public DefaultHandlerCallConvention() {}

  @Override
  public String getName() {
    return NAME;
  }

  @Override
  public String getContextualName(HandlerCallContext context) {
    return "roomful " + context.callback();
  }

  @Override
  public KeyValues getLowCardinalityKeyValues(HandlerCallContext context) {
    return KeyValues.of("callback", context.callback(), "outcome", outcome(context.getError()));
  }

  private static String outcome(@Nullable Throwable error) {
    if (error == null) {
      return "success";
    }
    return error instanceof RejectedException || error.getCause() instanceof RejectedException
        ? "rejected"
        : "failure";
  }

  @Override
  public KeyValues getHighCardinalityKeyValues(HandlerCallContext context) {
    return KeyValues.of(
        "roomful.participant", context.participantId(), "roomful.room", context.room().name());
  }
}
