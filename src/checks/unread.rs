//! What was searched for in a body that is not in the capture: of that nothing follows, whichever check looked.

use super::{Claim, Observation, Scene};

/// A claim, where every posted body that it was searched for in was there to be searched.
pub(super) fn unless_unread(claim: Claim, scene: &Scene<'_, '_>) -> Claim {
    let unread = &scene.index.steps.unread;
    let Observation::NotSeen { searched } = &claim.observation else { return claim };
    match searched.iter().filter(|place| place.is_of_posted_body()).find_map(|place| unread.get(&place.entry())) {
        Some(loss) => claim.info.is(Observation::lost(*loss, "what was posted")),
        None => claim,
    }
}
