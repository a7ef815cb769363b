package dev.roomful.centrifuge;

import dev.roomful.Room;
import dev.roomful.protocol.PresenceOptions;
import org.jspecify.annotations.Nullable;

/**
 * What a token says about one subscription. Null is for what it says nothing about, which is then
 * as it is for everyone in the channel.
 *
 * @param info what others are told about the connection in this channel
 * @param data what the client is told when it is subscribed
 * @param presence whether it is among those present
 * @param joinLeave whether others are told of its joining and leaving
 * @param pushJoinLeave whether it is told of others' joining and leaving
 * @param recovery whether it can recover
 * @param positioning whether its position is watched
 */
record SubscriptionTerms(
    Data info,
    Data data,
    @Nullable Boolean presence,
    @Nullable Boolean joinLeave,
    @Nullable Boolean pushJoinLeave,
    @Nullable Boolean recovery,
    @Nullable Boolean positioning) {
  static final SubscriptionTerms DEFAULTS =
      new SubscriptionTerms(Data.NONE, Data.NONE, null, null, null, null, null);

  /**
   * How the connection is in the room.
   *
   * @param joinLeaveRequested whether the client wants to be told of others' joining and leaving
   */
  PresenceOptions presenceOptions(boolean joinLeaveRequested) {
    return new PresenceOptions(
        !Boolean.FALSE.equals(presence),
        !Boolean.FALSE.equals(joinLeave),
        joinLeaveRequested || Boolean.TRUE.equals(pushJoinLeave),
        ProtocolMapping.chanInfo(info));
  }

  /** By default everybody can recover; whom a token takes that from may still ask for it. */
  boolean isRecoverable(Room room, boolean requested) {
    return room.options().history().messages() > 0
        && (requested || !Boolean.FALSE.equals(recovery));
  }

  boolean isPositioned() {
    return Boolean.TRUE.equals(positioning);
  }
}
