package dev.roomful.testkit;

import dev.roomful.cluster.ClusterEngine;

/**
 * The contract of a cluster engine, as a JUnit Jupiter class: extend it, create engines and their
 * faults, and every case runs against your engine. What is required is in the Javadoc of {@link
 * ClusterEngine} and {@link dev.roomful.cluster.EngineListener}; the name of a case says which part
 * of it the case proves.
 *
 * <pre>{@code
 * class MyEngineTest extends ClusterContract {
 *   @Override
 *   protected ClusterEngine newEngine(String namespace) {
 *     return new MyEngine(address, namespace);
 *   }
 *   ...
 * }
 * }</pre>
 *
 * <p>Begin each case with an engine that has no data, in a {@code @BeforeEach} method. The cases
 * close the engines that they create. A case that fails may leave a link cut or the engine stopped.
 *
 * <p>Some cases run whole chats in real time, so an engine without threads of its own cannot pass.
 */
public abstract class ClusterContract extends EngineChatCases {
  /** For subclasses. */
  protected ClusterContract() {}

  /**
   * Creates the engine of one node, and does not start it.
   *
   * @param namespace engines with the same one share logs and leases; those with different ones
   *     share nothing
   * @return the engine
   * @throws Exception if it cannot be created; the case then fails
   */
  @Override
  protected abstract ClusterEngine newEngine(String namespace) throws Exception;

  /**
   * Breaks the connections of one node, and prevents new ones until {@link #heal}.
   *
   * @param engine one that {@link #newEngine} returned
   * @throws Exception if that is not possible; the case then fails
   */
  @Override
  protected abstract void cut(ClusterEngine engine) throws Exception;

  /**
   * Lets a node connect again.
   *
   * @param engine one that was cut off
   * @throws Exception if that is not possible; the case then fails
   */
  @Override
  protected abstract void heal(ClusterEngine engine) throws Exception;

  /**
   * Stops the servers of the engine, as a crash does: the connections of all nodes break.
   *
   * @throws Exception if that is not possible; the case then fails
   */
  @Override
  protected abstract void stop() throws Exception;

  /**
   * Starts the stopped servers again; nodes can connect as before.
   *
   * @param keepData whether they have the data that they had when they stopped, or none
   * @throws Exception if that is not possible; the case then fails
   */
  @Override
  protected abstract void restart(boolean keepData) throws Exception;

  /**
   * Called about every millisecond while a case waits; an engine may deliver here what is due. Does
   * nothing, unless overridden.
   */
  @Override
  protected void idle() {}
}
