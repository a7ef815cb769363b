package dev.roomful.testing;

/** What a test's call on a client or node does besides its own effect. */
interface Delivery {
  /** Everything happens within the call. */
  Delivery IMMEDIATE =
      new Delivery() {
        @Override
        public void afterCall() {}

        @Override
        public void beforeRead() {}
      };

  /** Called at the end of a call that may have started something. */
  void afterCall();

  /** Called at the beginning of a call that returns what has happened. */
  void beforeRead();
}
