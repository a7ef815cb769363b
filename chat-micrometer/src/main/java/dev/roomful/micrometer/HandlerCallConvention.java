package dev.roomful.micrometer;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** Names the observations of handler calls, and gives them their keys. */
public interface HandlerCallConvention extends ObservationConvention<HandlerCallContext> {
  @Override
  default boolean supportsContext(Observation.Context context) {
    return context instanceof HandlerCallContext;
  }
}
