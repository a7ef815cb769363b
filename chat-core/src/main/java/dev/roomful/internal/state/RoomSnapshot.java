package dev.roomful.internal.state;

import dev.roomful.admission.Position;
import dev.roomful.internal.state.NodeSequences.Last;
import dev.roomful.internal.state.Sanctions.Sanction;
import java.util.List;
import java.util.Map;

/**
 * The whole state of a room after an entry of its log.
 *
 * @param position the position of the newest message
 * @param lastMessageMillis the time of the newest message
 * @param earlierEpochs the last offset of each epoch that the present one continues, oldest first
 * @param keys the positions of messages by idempotency key, oldest first
 * @param logMillis the time of the log
 * @param emptySince when the last member left, 0 if nobody has
 * @param generation the generation of the last entry, empty if there is none
 * @param topic the topic
 * @param members the members, in the order in which they joined
 * @param bans bans in force
 * @param mutes mutes in force
 * @param nodes the last entry of each node
 * @param messages the stored messages, oldest first
 * @param lastEvictedOffset the offset of the newest message that is not stored any more
 * @param readMarks the offset up to which a participant has read, the latest one last
 */
record RoomSnapshot(
    Position position,
    long lastMessageMillis,
    Map<String, Long> earlierEpochs,
    Map<MessageSequence.Key, Position> keys,
    long logMillis,
    long emptySince,
    String generation,
    String topic,
    List<MemberState> members,
    Map<String, Sanction> bans,
    Map<String, Sanction> mutes,
    Map<String, Last> nodes,
    List<RoomMessage> messages,
    long lastEvictedOffset,
    Map<String, Long> readMarks) {
  /** {@return what all nodes agree about: they evict stored messages on their own} */
  RoomSnapshot withoutMessages() {
    return new RoomSnapshot(
        position,
        lastMessageMillis,
        earlierEpochs,
        keys,
        logMillis,
        emptySince,
        generation,
        topic,
        members,
        bans,
        mutes,
        nodes,
        List.of(),
        0,
        readMarks);
  }
}
