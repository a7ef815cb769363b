package dev.roomful.spring.autoconfigure;

import dev.roomful.BroadcastPolicy;
import dev.roomful.DisplayNames;
import dev.roomful.Overflow;
import dev.roomful.RoomOptions;
import java.time.Duration;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Options of rooms.
 *
 * @param capacity Number of participants in a room. By default there is no limit.
 * @param policy Who receives a message. By default everyone.
 * @param overflow What happens when the outbox of a client is full. By default it is disconnected.
 * @param history Messages that are stored.
 * @param permanent Whether the room exists from the start and is never removed. Only for rooms
 *     under "roomful.rooms".
 * @param keepEmptyFor Time for which an empty room is kept, with its history. By default it is
 *     removed at once.
 * @param leaveDelay Time for which a participant whose connection was lost stays in the room. By
 *     default it leaves at once.
 * @param readReceipts Whether all participants learn what others have read. By default only the
 *     other connections of a participant do.
 * @param displayNames Whether several participants of a room may have the same display name. By
 *     default they may.
 */
record RoomProperties(
    @Nullable Integer capacity,
    @Nullable Policy policy,
    @Nullable Overflow overflow,
    @NestedConfigurationProperty @DefaultValue HistoryProperties history,
    @Nullable Boolean permanent,
    @Nullable Duration keepEmptyFor,
    @Nullable Duration leaveDelay,
    @Nullable Boolean readReceipts,
    @Nullable Names displayNames) {

  /** Who receives a message. */
  enum Policy {
    /** All participants of the room. */
    EVERYONE,
    /** All but the participant who sends. */
    EXCLUDING_SENDER,
    /** All connections but the one that sends. */
    EXCLUDING_ORIGIN;

    private BroadcastPolicy toBroadcastPolicy() {
      return switch (this) {
        case EVERYONE -> BroadcastPolicy.everyone();
        case EXCLUDING_SENDER -> BroadcastPolicy.excludingSender();
        case EXCLUDING_ORIGIN -> BroadcastPolicy.excludingOrigin();
      };
    }
  }

  /** How display names of one room may be alike. */
  enum Names {
    /** Several participants may use one name. */
    ANY,
    /** A name that another participant uses is rejected. */
    UNIQUE,
    /** A name that another participant uses gets a number. */
    NUMBERED;

    private DisplayNames toDisplayNames() {
      return switch (this) {
        case ANY -> DisplayNames.any();
        case UNIQUE -> DisplayNames.unique();
        case NUMBERED -> DisplayNames.numbered();
      };
    }
  }

  /** {@return the options with what these properties set} */
  RoomOptions applyTo(RoomOptions base) {
    RoomOptions options = base.withHistory(history.applyTo(base.history()));
    options = with(options, capacity, RoomOptions::withCapacity);
    options = with(options, policy, (each, value) -> each.withPolicy(value.toBroadcastPolicy()));
    options = with(options, overflow, RoomOptions::withOverflow);
    options = with(options, keepEmptyFor, RoomOptions::withKeepEmptyFor);
    options = with(options, leaveDelay, RoomOptions::withLeaveDelay);
    options =
        with(options, displayNames, (each, value) -> each.withDisplayNames(value.toDisplayNames()));
    options = Boolean.TRUE.equals(readReceipts) ? options.withReadReceipts() : options;
    return Boolean.TRUE.equals(permanent) ? options.withPermanent() : options;
  }

  private static <T> RoomOptions with(
      RoomOptions options, @Nullable T value, BiFunction<RoomOptions, T, RoomOptions> setter) {
    return value == null ? options : setter.apply(options, value);
  }
}
