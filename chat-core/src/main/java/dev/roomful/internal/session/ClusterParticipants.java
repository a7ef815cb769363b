package dev.roomful.internal.session;

import dev.roomful.CloseStatus;
import dev.roomful.Outcome;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.admission.HistoryRange;
import dev.roomful.internal.room.RemoteParticipants;
import dev.roomful.internal.state.Rejections;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The participants of all nodes. */
public final class ClusterParticipants implements RemoteParticipants {
  @Override
  public Outcome rename(String id, String name) {
    return Rejections.gone();
  }

  @Override
  public void update(String id, String key, @Nullable Object value) {}

  @Override
  public int connections(String id) {
    return 0;
  }

  @Override
  public Set<Room> rooms(String id) {
    return Set.of();
  }

  @Override
  public Outcome send(String id, Payload payload) {
    return Rejections.gone();
  }

  @Override
  public Outcome join(String id, String room, HistoryRange replay) {
    return Rejections.gone();
  }

  @Override
  public Outcome leave(String id, String room) {
    return Rejections.gone();
  }

  @Override
  public Outcome disconnect(String id, CloseStatus status) {
    return Rejections.gone();
  }
}
