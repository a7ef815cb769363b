package dev.roomful.spring.autoconfigure;

import dev.roomful.History;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * Messages that a room stores.
 *
 * @param messages Number of messages; 0 for none. By default none is stored.
 * @param size Largest size of the stored messages of one room. By default 1 MB.
 * @param age Time after which a stored message is removed. By default a day.
 */
record HistoryProperties(
    @Nullable Integer messages, @Nullable DataSize size, @Nullable Duration age) {

  /** {@return the history with what these properties set} */
  History applyTo(History base) {
    History history = base;
    if (messages != null) {
      history = messages == 0 ? History.none() : History.of(messages);
      history = history.withBytes(base.bytes()).withAge(base.age());
    }
    if (size != null) {
      history = history.withBytes(PropertySizes.toInt("the size of a history", size));
    }
    return age == null ? history : history.withAge(age);
  }
}
