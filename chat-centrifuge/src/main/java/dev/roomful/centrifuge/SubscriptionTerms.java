package dev.roomful.centrifuge;

import dev.roomful.Room;
import dev.roomful.protocol.PresenceOptions;
import org.jspecify.annotations.Nullable;

/**
 * The terms of one subscription, from a token. Null stands for the default of all subscriptions.
 *
 * @param info what other clients receive about the connection in this channel
 * @param data what the client receives when it is subscribed
 * @param presence whether the connection is listed in the presence
 * @param joinLeave whether other clients receive its join and leave
 * @param pushJoinLeave whether it receives the joins and leaves of others
 * @param recovery whether it can recover
 * @param positioning whether its position is watched
 */
record SubscriptionTerms(
    RawData info,
    RawData data,
    @Nullable Boolean presence,
    @Nullable Boolean joinLeave,
    @Nullable Boolean pushJoinLeave,
    @Nullable Boolean recovery,
    @Nullable Boolean positioning) {
  static final SubscriptionTerms DEFAULTS =
      new SubscriptionTerms(RawData.NONE, RawData.NONE, null, null, null, null, null);

  /**
   * Returns the presence options of the connection.
   *
   * @param joinLeaveRequested whether the client asked for join and leave pushes
   */
  PresenceOptions presenceOptions(boolean joinLeaveRequested) {
    return new PresenceOptions(
        !Boolean.FALSE.equals(presence),
        !Boolean.FALSE.equals(joinLeave),
        joinLeaveRequested || Boolean.TRUE.equals(pushJoinLeave),
        ProtocolMapping.chanInfo(info));
  }

  /**
   * By default all subscriptions are recoverable; a client without that by its token may ask for
   * it.
   */
  boolean isRecoverable(Room room, boolean requested) {
    return room.options().history().messages() > 0
        && (requested || !Boolean.FALSE.equals(recovery));
  }

  boolean isPositioned() {
    return Boolean.TRUE.equals(positioning);
  }
}
